package io.evenkeel.protocols.version;

import io.evenkeel.protocols.log.GeneralMessages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The versions of Keycloak, Infinispan and JGroups that the pack supports, out of
 * {@code supported-versions.properties}, and those that are installed.
 *
 * <p>Nothing here names a class of any of them: the check has to run beside versions with which the rest of the pack
 * does not link.
 */
public final class SupportedVersions {
    /** The system property that lets the pack run on versions that it does not support. */
    public static final String ALLOW_PROPERTY = "evenkeel.allow_unsupported_versions";

    private static final SupportedVersions OF_PACK = new SupportedVersions(
            VersionResource.required("supported-versions.properties"), VersionResource::onClassPath);

    private final List<SupportedRange> ranges = new ArrayList<>();
    private final Map<String, String> installed = new LinkedHashMap<>();

    /**
     * Reads the ranges, and what is installed.
     *
     * @param supported as {@code supported-versions.properties} describes it
     * @param resources the class path: a resource by its name, or nothing
     */
    SupportedVersions(Properties supported, Function<String, Optional<Properties>> resources) {
        for (String component : supported.getProperty("components").split(" ", -1)) {
            ranges.add(new SupportedRange(
                    component,
                    supported.getProperty(component + ".from"),
                    supported.getProperty(component + ".below")));
            resources
                    .apply(supported.getProperty(component + ".resource"))
                    .map(resource ->
                            resource.getProperty(supported.getProperty(component + ".key"), "without a version"))
                    .ifPresent(version -> installed.put(component, version));
        }
    }

    /** The pack's own, on its own class path. */
    public static SupportedVersions ofPack() {
        return OF_PACK;
    }

    public List<SupportedRange> ranges() {
        return List.copyOf(ranges);
    }

    /**
     * The installed components with their versions: {@code Keycloak 26.7.3, Infinispan 16.0.14, JGroups 5.5.5.Final}.
     */
    public String installed() {
        return installed.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The fault of the installed versions, in one line with the remedy; empty if all are supported. */
    public Optional<String> complaint() {
        List<String> foreign = ranges.stream()
                .filter(range -> {
                    String version = installed.get(range.component());
                    return version != null && !range.contains(version);
                })
                .map(range -> range.component() + " " + installed.get(range.component()))
                .toList();
        if (foreign.isEmpty()) {
            return Optional.empty();
        }
        String supported = ranges.stream().map(SupportedRange::toString).collect(Collectors.joining(", "));
        return Optional.of("Evenkeel " + PackVersion.current() + " does not support " + String.join(", ", foreign)
                + "; it supports " + supported
                + "; install one of these, or a version of Evenkeel for yours, or remove its"
                + " jar (-D" + ALLOW_PROPERTY + "=true goes on at your own risk)");
    }

    /**
     * Refuses to go on beside a version that is not supported, unless {@link #ALLOW_PROPERTY} is set.
     *
     * @throws UnsupportedVersionException with the {@link #complaint}
     */
    public void require() {
        if (!Boolean.getBoolean(ALLOW_PROPERTY)) {
            complaint().ifPresent(line -> {
                throw new UnsupportedVersionException(GeneralMessages.VERSIONS_REFUSED.text(line));
            });
        }
    }
}
