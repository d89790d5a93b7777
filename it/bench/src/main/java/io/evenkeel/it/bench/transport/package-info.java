/** The transport beside JGroups' own TCP: speed, isolation, storms, deaths and new certificates. */
package io.evenkeel.it.bench.transport;
