package org.chartbridge.fakes;

import org.chartbridge.hl7.AckCode;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the sender of a message gets. */
enum Reply {
    /** AA or CA, whichever the message asks for. */
    ACCEPT(null, true),
    AA(AckCode.AA, true),
    AE(AckCode.AE, false),
    AR(AckCode.AR, false),
    CA(AckCode.CA, true),
    CE(AckCode.CE, false),
    CR(AckCode.CR, false),
    /** Nothing; the connection stays open. */
    SILENT(null, true),
    /** Bytes that are no HL7. */
    GARBAGE(null, true),
    /** AA with another MSA-2. */
    WRONG_ID(AckCode.AA, true),
    /** Nothing; the connection is closed. */
    HANG_UP(null, true);

    private final @Nullable AckCode code;
    private final boolean keeps;

    Reply(@Nullable AckCode code, boolean keeps) {
        this.code = code;
        this.keeps = keeps;
    }

    /** Null where it depends on the message, or none is said. */
    @Nullable AckCode code() {
        return code;
    }

    /** Whether the message is taken where the script says nothing: not if its sender is told no. */
    boolean keeps() {
        return keeps;
    }

    /** As scripts say it: {@code AA}, {@code wrong-id}. */
    String word() {
        return name().length() == 2 ? name() : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Reply> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Reply::word).toList();
    }
}
