package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.FrameHandler;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code send} against a listener: what it prints, and its exit codes. */
class SendCommandTests {
    @TempDir Path folder;

    private final MllpNetwork network = new MllpNetwork(1, 64 << 20);
    private final List<byte[]> received = Collections.synchronizedList(new ArrayList<>());
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void allAcceptedIsExitCode0AndTheBytesArriveAsTheyAre() throws Exception {
        var message = message("C-1", "caf\u00E9").replace('\r', '\n');
        var file = write("a.hl7", message);

        var code = send(listen(SendCommandTests::accept), file);

        assertThat(code).isZero();
        assertThat(received).containsExactly(message.getBytes(UTF_8));
        assertThat(out.toString()).containsPattern("C-1 +AA accepted +[0-9.]+ ms");
        assertThat(out.toString()).contains("1 message in").contains("1 accepted.");
    }

    @Test
    void aFolderIsSentSortedAndOnlyItsMessages() throws Exception {
        write("b/2.hl7", message("B-2", "x"));
        write("b/10.txt", message("B-10", "x"));
        write("a/1.HL7", message("A-1", "x"));
        write("a/RULE.md", message("NO", "x"));

        var code = send(listen(SendCommandTests::accept), folder.toString());

        assertThat(code).isZero();
        assertThat(received.stream().map(SendCommandTests::controlId))
                .containsExactly("A-1", "B-10", "B-2");
    }

    @Test
    void aFindingIsSaidInPlainWordsWithoutAnythingOfTheMessage() throws Exception {
        var file = write("a.hl7", message("C-1", "SECRETNAME"));
        FrameHandler refuse =
                frame ->
                        answer(
                                frame,
                                AckCode.AE,
                                Fault.error(
                                        Location.parse("OBX[2]-3"),
                                        ErrorCode.REQUIRED_MISSING,
                                        "result-code-missing",
                                        "say which test it is"));

        var code = send(listen(refuse), file);

        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("C-1 +AE error")
                .contains(
                        "    OBX[2]-3 required field missing: say which test it is (101,"
                                + " result-code-missing)")
                .doesNotContain("SECRETNAME");
    }

    @Test
    void before25TheWordsOfMsa3AreSaidToo() throws Exception {
        var file = write("a.hl7", message("C-1", "x").replace("2.5.1", "2.3"));
        FrameHandler refuse =
                frame ->
                        answer(
                                frame,
                                AckCode.AE,
                                Fault.error(
                                        Location.parse("PID[1]-3"),
                                        ErrorCode.REQUIRED_MISSING,
                                        "patient-identifier-missing",
                                        "say who it is"));

        send(listen(refuse), file);

        assertThat(out.toString())
                .contains("    PID[1]-3 required field missing (101)")
                .contains("    say who it is");
    }

    @Test
    void aMessageThatWaitsForAPersonIsCalledHeld() throws Exception {
        var file = write("a.hl7", message("C-1", "x"));
        FrameHandler hold =
                frame ->
                        answer(
                                frame,
                                AckCode.AA,
                                Fault.warning(
                                        Location.parse("PID[1]-3"),
                                        ErrorCode.UNKNOWN_KEY,
                                        "patient-not-known",
                                        "nobody has this number"));

        var code = send(listen(hold), file);

        assertThat(code).isZero();
        assertThat(out.toString()).contains("AA held").contains("warning: PID[1]-3 unknown key");
    }

    @Test
    void answersArePairedByMsa2WhateverTheirOrder() throws Exception {
        var file = write("a.hl7", message("C-1", "x") + message("C-2", "x"));
        // The first message gets the answer of the second, which gets the answer of the first.
        FrameHandler crossed =
                frame ->
                        controlId(frame.content()).equals("C-1")
                                ? accept(message("C-2", "x").getBytes(UTF_8), AckCode.AE)
                                : accept(message("C-1", "x").getBytes(UTF_8), AckCode.AA);

        var code = send(listen(crossed), "--pipelined", file);

        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("a.hl7#1 +C-1 +AA accepted")
                .containsPattern("a.hl7#2 +C-2 +AE error");
    }

    @Test
    void withoutAnAnswerInTimeTheExitCodeIs3AndTheNextMessageIsStillSent() throws Exception {
        var file = write("a.hl7", message("C-1", "x") + message("C-2", "x"));
        FrameHandler forgetful =
                frame ->
                        controlId(frame.content()).equals("C-1")
                                ? new CompletableFuture<>()
                                : accept(frame);

        var code = send(listen(forgetful), "--timeout", "300ms", file);

        assertThat(code).isEqualTo(3);
        assertThat(out.toString())
                .containsPattern("C-1 +- +no answer")
                .contains("    no answer after 300 ms")
                .containsPattern("C-2 +AA accepted");
    }

    @Test
    void aConnectionThatEndsLeavesTheMessageUnanswered() throws Exception {
        var file = write("a.hl7", message("C-1", "x"));

        var code =
                send(
                        listen(_ -> CompletableFuture.completedStage(new Answer.HangUp("test"))),
                        file);

        assertThat(code).isEqualTo(3);
        assertThat(out.toString()).contains("no answer: the connection ended");
    }

    @Test
    void aMessageThatAsksForNoAnswerIsNotWaitedFor() throws Exception {
        var silent =
                message("C-1", "x").replace("|P|2.5.1", "|P|2.5.1|||NE|NE") + message("C-2", "x");
        var file = write("a.hl7", silent);
        FrameHandler handler =
                frame ->
                        controlId(frame.content()).equals("C-1")
                                ? CompletableFuture.completedStage(new Answer.Silence())
                                : accept(frame);

        var code = send(listen(handler), file);

        assertThat(code).isZero();
        assertThat(out.toString()).containsPattern("C-1 +- +no answer asked for");
    }

    @Test
    void whatIsNoAcknowledgementIsNotPositive() throws Exception {
        var file = write("a.hl7", message("C-1", "x"));

        var code =
                send(
                        listen(
                                _ ->
                                        CompletableFuture.completedStage(
                                                new Answer.Reply(
                                                        "hello\u001B[2J".getBytes(UTF_8)))),
                        file);

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("not understood").doesNotContain("\u001B");
    }

    @Test
    void nobodyListensIsExitCode3WithARemedy() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        var code = send(port, write("a.hl7", message("C-1", "x")));

        assertThat(code).isEqualTo(3);
        assertThat(err.toString())
                .contains("no connection to 127.0.0.1:" + port)
                .contains("bin/chartbridge")
                .contains("--port");
    }

    @Test
    void wrongUseIsExitCode2() throws Exception {
        assertThat(send(2575, "/no/such/file")).isEqualTo(2);
        assertThat(send(2575)).isEqualTo(2);
        assertThat(send(70_000, write("a.hl7", ""))).isEqualTo(2);
        assertThat(send(2575, "--timeout", "soon", write("a.hl7", ""))).isEqualTo(2);
    }

    @Test
    void withQuietOnlyTheSummaryIsLeftOfWhatWentWell() throws Exception {
        var file = write("a.hl7", message("C-1", "x"));

        send(listen(SendCommandTests::accept), "--quiet", file);

        assertThat(out.toString().lines()).hasSize(1);
    }

    private int send(int port, String... arguments) {
        var line = new CommandLine(new SendCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        var all = new ArrayList<>(List.of("--port", String.valueOf(port)));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(String[]::new));
    }

    private int listen(FrameHandler handler) throws IOException {
        return MllpListener.open(
                        network,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Limits.defaults(),
                        frame -> {
                            received.add(frame.content());
                            return handler.handle(frame);
                        },
                        new ConnectionObserver() {})
                .address()
                .getPort();
    }

    private static CompletableFuture<Answer> accept(Frame frame) {
        return accept(frame.content(), AckCode.AA);
    }

    private static CompletableFuture<Answer> accept(byte[] message, AckCode code) {
        return CompletableFuture.completedFuture(new Answer.Reply(ack(message, code)));
    }

    private static CompletableFuture<Answer> answer(Frame frame, AckCode code, Fault... faults) {
        return CompletableFuture.completedFuture(
                new Answer.Reply(ack(frame.content(), code, faults)));
    }

    private static byte[] ack(byte[] message, AckCode code, Fault... faults) {
        return Acknowledgement.of(
                message, code, List.of(faults), "ANSWER", Instant.EPOCH, ZoneOffset.UTC);
    }

    private static String message(String controlId, String value) {
        return "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|"
                + controlId
                + "|P|2.5.1\rOBX|1|TX|||"
                + value
                + "\r";
    }

    private static String controlId(byte[] message) {
        return Header.read(message).orElseThrow().controlId();
    }

    private String write(String name, String content) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content).toString();
    }
}
