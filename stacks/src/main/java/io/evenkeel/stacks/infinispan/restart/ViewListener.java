package io.evenkeel.stacks.infinispan.restart;

import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;

/** Hands the views of the cluster to {@link RestartClusterTopologyManager}; public, as Infinispan calls it. */
@Listener
public final class ViewListener {
    private final RestartClusterTopologyManager manager;

    ViewListener(RestartClusterTopologyManager manager) {
        this.manager = manager;
    }

    @ViewChanged
    @Merged
    public void viewChanged(ViewChangedEvent event) {
        manager.viewChanged(event.getNewMembers(), event.isMergeView());
    }
}
