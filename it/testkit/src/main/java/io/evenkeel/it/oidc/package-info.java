/** A user's side of OpenID Connect, for tests and benchmarks on real nodes. */
package io.evenkeel.it.oidc;
