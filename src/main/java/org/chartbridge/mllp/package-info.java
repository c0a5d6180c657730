/**
 * Frames over TCP: listens, reads messages out of a stream of bytes, gives each to a handler and
 * writes its answer. It knows no HL7: a message is an array of bytes, exactly as it was sent.
 *
 * <p>MLLP release 1 wraps a message in {@code 0x0B … 0x1C 0x0D} (HL7 "Transport Specification:
 * MLLP, Release 1"; our reading of it is in {@link FrameDecoder}). TCP cuts the stream where it
 * likes, so one read may hold half a frame or a hundred.
 *
 * <pre>
 *  socket ─► FrameDecoder ─► FrameHandler ─ ─ ─ later, on any thread ─ ─ ─► Answer ─► socket
 *                 │                     (reading stops meanwhile)
 *                 └─► ConnectionObserver: stray bytes, openings, endings, lost answers
 * </pre>
 *
 * <p>Where to start reading: {@link MllpListener} opens a port, {@link Conversation} is what
 * happens on one connection, {@link MllpClient} is the other side. {@link Limits} names everything
 * that is bounded. An {@link MllpNetwork} holds the few threads that all listeners and clients
 * share: it belongs to the application, which closes it last.
 *
 * <p>{@link Tls} stands between socket and frames where it is wanted; {@link TlsFailure} says why
 * two sides could not agree, in words with a remedy. What a caller showed is its {@link
 * Peer#certificate}; whose it is, others decide.
 *
 * <p>Promises of this room:
 *
 * <ul>
 *   <li>One message is in work on a connection; the next is handed over after its answer is
 *       written. What a peer sends meanwhile stays in the network, not in our memory.
 *   <li>It never invents an answer. A handler that fails closes its connection, so the sender
 *       learns that nobody took the message.
 *   <li>Bytes that are not a frame are shown to the observer, never dropped in silence.
 *   <li>Contents are never logged and never in an exception's text.
 * </ul>
 *
 * <p>Netty is used here and nowhere else.
 */
@NullMarked
package org.chartbridge.mllp;

import org.jspecify.annotations.NullMarked;
