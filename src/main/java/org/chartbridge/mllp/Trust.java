package org.chartbridge.mllp;

import java.io.Serial;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the other side's certificate as Java does, and twice more strictly: Java does not look at
 * the dates of a certificate that stands itself among the trusted, and does not say whose
 * certificate it was that it refused.
 */
final class Trust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager java;

    Trust(X509ExtendedTrustManager java) {
        this.java = java;
    }

    /** Says whose certificate was refused; the cause says why. */
    static final class Refused extends CertificateException {
        @Serial private static final long serialVersionUID = 1L;

        private final transient X509Certificate certificate;

        Refused(X509Certificate certificate, CertificateException why) {
            super(why);
            this.certificate = certificate;
        }

        X509Certificate certificate() {
            return certificate;
        }
    }

    private interface Judging {
        void judge() throws CertificateException;
    }

    private static void judged(X509Certificate[] chain, Judging judging)
            throws CertificateException {
        try {
            if (chain.length > 0) chain[0].checkValidity();
            judging.judge();
        } catch (CertificateException e) {
            throw chain.length > 0 ? new Refused(chain[0], e) : e;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        judged(chain, () -> java.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        judged(chain, () -> java.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        judged(chain, () -> java.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        judged(chain, () -> java.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        judged(chain, () -> java.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        judged(chain, () -> java.checkServerTrusted(chain, type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return java.getAcceptedIssuers();
    }
}
