package org.chartbridge.mllp;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * Tells which handshakes fail and why, where somebody else's server makes the connections: Java's
 * web server closes them without a word. Long because it hands on all that an engine can do.
 */
public final class WatchedTls {
    private WatchedTls() {}

    /**
     * The same context, watched.
     *
     * @param failed is given the other side, {@code 10.0.0.5:41234}, and why its handshake failed:
     *     once for each connection, by the thread that serves it
     */
    public static SSLContext of(SSLContext context, BiConsumer<String, TlsFailure> failed) {
        return new Context(new Spi(context, failed), context.getProvider(), context.getProtocol());
    }

    private static final class Context extends SSLContext {
        Context(Spi spi, java.security.Provider provider, String protocol) {
            super(spi, provider, protocol);
        }
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext context;
        private final BiConsumer<String, TlsFailure> failed;

        Spi(SSLContext context, BiConsumer<String, TlsFailure> failed) {
            this.context = context;
            this.failed = failed;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys,
                TrustManager @Nullable [] trust,
                @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("it is ready");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return context.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new Engine(context.createSSLEngine(), "", failed);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return new Engine(context.createSSLEngine(host, port), host + ":" + port, failed);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return context.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return context.getSupportedSSLParameters();
        }
    }

    private static final class Engine extends SSLEngine {
        private final SSLEngine engine;
        private final String peer;
        private final BiConsumer<String, TlsFailure> failed;
        private volatile boolean told;

        Engine(SSLEngine engine, String peer, BiConsumer<String, TlsFailure> failed) {
            super(engine.getPeerHost(), engine.getPeerPort());
            this.engine = engine;
            this.peer = peer;
            this.failed = failed;
        }

        private interface Step {
            SSLEngineResult run() throws SSLException;
        }

        private SSLEngineResult watched(Step step) throws SSLException {
            try {
                var result = step.run();
                // What fails from now on is no handshake.
                if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) told = true;
                return result;
            } catch (SSLException e) {
                if (!told) failed.accept(peer, TlsFailure.of(e));
                told = true;
                throw e;
            }
        }

        @Override
        public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to)
                throws SSLException {
            return watched(() -> engine.wrap(from, offset, length, to));
        }

        @Override
        public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length)
                throws SSLException {
            return watched(() -> engine.unwrap(from, to, offset, length));
        }

        @Override
        public @Nullable Runnable getDelegatedTask() {
            return engine.getDelegatedTask();
        }

        @Override
        public void closeInbound() throws SSLException {
            engine.closeInbound();
        }

        @Override
        public boolean isInboundDone() {
            return engine.isInboundDone();
        }

        @Override
        public void closeOutbound() {
            engine.closeOutbound();
        }

        @Override
        public boolean isOutboundDone() {
            return engine.isOutboundDone();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return engine.getSupportedCipherSuites();
        }

        @Override
        public String[] getEnabledCipherSuites() {
            return engine.getEnabledCipherSuites();
        }

        @Override
        public void setEnabledCipherSuites(String[] suites) {
            engine.setEnabledCipherSuites(suites);
        }

        @Override
        public String[] getSupportedProtocols() {
            return engine.getSupportedProtocols();
        }

        @Override
        public String[] getEnabledProtocols() {
            return engine.getEnabledProtocols();
        }

        @Override
        public void setEnabledProtocols(String[] protocols) {
            engine.setEnabledProtocols(protocols);
        }

        @Override
        public SSLSession getSession() {
            return engine.getSession();
        }

        @Override
        public @Nullable SSLSession getHandshakeSession() {
            return engine.getHandshakeSession();
        }

        @Override
        public void beginHandshake() throws SSLException {
            engine.beginHandshake();
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            return engine.getHandshakeStatus();
        }

        @Override
        public void setUseClientMode(boolean mode) {
            engine.setUseClientMode(mode);
        }

        @Override
        public boolean getUseClientMode() {
            return engine.getUseClientMode();
        }

        @Override
        public void setNeedClientAuth(boolean need) {
            engine.setNeedClientAuth(need);
        }

        @Override
        public boolean getNeedClientAuth() {
            return engine.getNeedClientAuth();
        }

        @Override
        public void setWantClientAuth(boolean want) {
            engine.setWantClientAuth(want);
        }

        @Override
        public boolean getWantClientAuth() {
            return engine.getWantClientAuth();
        }

        @Override
        public void setEnableSessionCreation(boolean flag) {
            engine.setEnableSessionCreation(flag);
        }

        @Override
        public boolean getEnableSessionCreation() {
            return engine.getEnableSessionCreation();
        }

        @Override
        public SSLParameters getSSLParameters() {
            return engine.getSSLParameters();
        }

        @Override
        public void setSSLParameters(SSLParameters parameters) {
            engine.setSSLParameters(parameters);
        }

        @Override
        public @Nullable String getApplicationProtocol() {
            return engine.getApplicationProtocol();
        }

        @Override
        public @Nullable String getHandshakeApplicationProtocol() {
            return engine.getHandshakeApplicationProtocol();
        }

        @Override
        public void setHandshakeApplicationProtocolSelector(
                BiFunction<SSLEngine, java.util.List<String>, String> selector) {
            engine.setHandshakeApplicationProtocolSelector(selector);
        }

        @Override
        public @Nullable BiFunction<SSLEngine, java.util.List<String>, String>
                getHandshakeApplicationProtocolSelector() {
            return engine.getHandshakeApplicationProtocolSelector();
        }
    }
}
