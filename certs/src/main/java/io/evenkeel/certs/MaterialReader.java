package io.evenkeel.certs;

import java.security.cert.X509Certificate;
import java.util.List;

/** Parses one key store or trust store out of what its files held; judges form, not validity. */
interface MaterialReader {

    /** Role and file, as every message names it. */
    String source();

    /** The one private key with its certificates. */
    Identity identity() throws CertificateMaterialException;

    /** The trusted certificates; empty if there is none. */
    List<X509Certificate> trusted() throws CertificateMaterialException;
}
