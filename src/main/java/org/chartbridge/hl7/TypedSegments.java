package org.chartbridge.hl7;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.DataTypeException;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.v281.message.ACK;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import ca.uhn.hl7v2.parser.ParserConfiguration;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands single segments to HAPI, one by one and on demand, as typed segments of version 2.8.1
 * whatever version was sent. No message structure and no unknown segment can make this fail.
 *
 * <p>Values come decoded: escapes are resolved before HAPI sees them, which would delete a lone
 * backslash and leave {@code \X..\} as it is. HAPI puts what a stray delimiter cuts off a text into
 * extra components; {@link Message#value(Line, int)} has it whole. What HAPI can't take is left
 * empty in the segment and reported in {@link #faults()}; the value remains readable through {@link
 * Message}.
 *
 * <p>One instance for one message and one thread. The segments may be kept and read by any thread.
 */
public final class TypedSegments {
    /**
     * The delimiters HAPI is given: characters that no text may contain (Unicode noncharacters).
     */
    private static final char FIELD = '\uFDD0';

    private static final char COMPONENT = '\uFDD1';
    private static final char REPETITION = '\uFDD2';
    private static final char ESCAPE = '\uFDD3';
    private static final char SUBCOMPONENT = '\uFDD4';
    private static final char TRUNCATION = '\uFDD5';
    private static final EncodingCharacters ENCODING =
            new EncodingCharacters(FIELD, COMPONENT, REPETITION, ESCAPE, SUBCOMPONENT, TRUNCATION);

    private static final ModelClassFactory FACTORY = new CanonicalModelClassFactory("2.8.1");
    private static final Map<Class<?>, Constructor<?>> CONSTRUCTORS = new ConcurrentHashMap<>();
    private static final ThreadLocal<Reader> READER = ThreadLocal.withInitial(Reader::new);

    /**
     * HAPI's parser and the message it wants every segment to belong to; neither is thread-safe.
     */
    private static final class Reader {
        final PipeParser parser;
        final ACK host;

        Reader() {
            var configuration = new ParserConfiguration();
            configuration.setDefaultObx2Type("ST");
            configuration.setInvalidObx2Type("ST");
            configuration.setValidating(false);
            var context =
                    new DefaultHapiContext(
                            configuration, ValidationContextFactory.noValidation(), FACTORY);
            parser = context.getPipeParser();
            host = new ACK(FACTORY);
            host.setParser(parser);
            try {
                // What encode() of a typed segment writes with.
                host.getMSH().getFieldSeparator().setValue("|");
                host.getMSH().getEncodingCharacters().setValue("^~\\&");
            } catch (DataTypeException e) {
                throw new IllegalStateException("HAPI refused the standard delimiters", e);
            }
        }
    }

    private final Message message;
    private final List<Fault> faults = new ArrayList<>();

    public TypedSegments(Message message) {
        this.message = message;
    }

    /** The segment as a HAPI type, such as {@code typed(line, PID.class)}; never null. */
    public <T extends Segment> T typed(Line line, Class<T> type) {
        var reader = READER.get();
        var text = forHapi(line);
        var segment = create(type, reader);
        try {
            reader.parser.parse(segment, text, ENCODING);
            return segment;
        } catch (HL7Exception | RuntimeException _) {
            return fieldByField(line, text, type, reader);
        }
    }

    /** What HAPI could not take so far. */
    public List<Fault> faults() {
        return Collections.unmodifiableList(faults);
    }

    /** The same with each field alone, so that only those HAPI fails at are missing. */
    private <T extends Segment> T fieldByField(
            Line line, String text, Class<T> type, Reader reader) {
        var segment = create(type, reader);
        var fields = text.split(String.valueOf(FIELD), -1);
        int shift = Message.isHeader(line) ? 1 : 0;
        for (int i = 1; i < fields.length; i++) {
            int number = i + shift;
            var repetitions = fields[i].split(String.valueOf(REPETITION), -1);
            try {
                for (int j = 0; j < repetitions.length; j++)
                    reader.parser.parse(segment.getField(number, j), repetitions[j], ENCODING);
            } catch (HL7Exception | RuntimeException _) {
                faults.add(
                        Fault.warning(
                                line.location(number),
                                ErrorCode.DATA_TYPE,
                                "field-not-typed",
                                "The field does not have the form of its data type and could not be"
                                        + " read as such."));
            }
        }
        return segment;
    }

    private static <T extends Segment> T create(Class<T> type, Reader reader) {
        try {
            var constructor =
                    CONSTRUCTORS.computeIfAbsent(
                            type,
                            t -> {
                                try {
                                    return t.getConstructor(Group.class, ModelClassFactory.class);
                                } catch (NoSuchMethodException e) {
                                    throw new IllegalArgumentException(
                                            "wanted a typed segment class, got " + t.getName(), e);
                                }
                            });
            return type.cast(constructor.newInstance(reader.host, FACTORY));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "wanted a typed segment class, got " + type.getName(), e);
        }
    }

    /** The segment's text with every value decoded and delimiters that occur in no text. */
    private String forHapi(Line line) {
        var bytes = message.bytes();
        var d = message.header().delimiters();
        int from = message.start(line);
        int end = message.end(line);
        var text = new StringBuilder(end - from + 8);
        int at = from;
        int skip = Message.isHeader(line) ? 2 : 0;
        for (int i = from; i <= end; i++) {
            char separator = 0;
            if (i < end) {
                byte b = bytes[i];
                if (b == d.field()) separator = FIELD;
                else if (skip > 0 || b == 0) continue;
                else if (b == d.component()) separator = COMPONENT;
                else if (b == d.repetition()) separator = REPETITION;
                else if (b == d.subcomponent()) separator = SUBCOMPONENT;
                else continue;
            }
            if (at < i) append(text, bytes, at, i, d, skip > 0);
            if (separator == FIELD) skip--;
            if (separator != 0) text.append(separator);
            at = i + 1;
        }
        return text.toString();
    }

    private void append(
            StringBuilder text, byte[] bytes, int from, int to, Delimiters d, boolean verbatim) {
        var value =
                verbatim
                        ? Text.decode(bytes, from, to, message.textCharset())
                        : Text.value(bytes, from, to, message.textCharset(), message.charset(), d);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Noncharacters in text would cut it; they have no meaning in interchange.
            text.append(c >= FIELD && c <= TRUNCATION ? '\uFFFD' : c);
        }
    }
}
