/** Discovery by the API of Kubernetes. */
@NullMarked
package io.evenkeel.stacks.kubernetes;

import org.jspecify.annotations.NullMarked;
