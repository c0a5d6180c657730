package org.chartbridge.hl7;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Knows what the name of a segment looks like, and the names of the standard (2.1 to 2.9). */
final class SegmentNames {
    private static final Set<String> STANDARD =
            Set.of(
                    """
                    ABS ACC ADD ADJ AFF AIG AIL AIP AIS AL1 APR ARQ ARV AUT BHS BLC BLG BPO BPX BTS BTX BUI CDM CDO
                    CER CM0 CM1 CM2 CNS CON CSP CSR CSS CTD CTI CTR DB1 DEV DG1 DMI DON DPS DRG DSC DSP DST ECD ECR EDU
                    EQL EQP EQU ERQ ERR EVN FAC FHS FT1 FTS GOL GP1 GP2 GSC GSP GSR GT1 IAM IAR IIM ILT IN1 IN2 IN3
                    INV IPC IPR ISD ITM IVC IVT LAN LCC LCH LDP LOC LRL MCP MFA MFE MFI MRG MSA MSH NCK NDS NK1 NPU
                    NSC NST NTE OBR OBX ODS ODT OH1 OH2 OH3 OH4 OM1 OM2 OM3 OM4 OM5 OM6 OM7 OMC ORC ORG OVR PAC PCE PCR
                    PD1 PDA PDC PEO PES PID PKG PM1 PMT PR1 PRA PRB PRC PRD PRT PSG PSH PSL PSS PTH PV1 PV2 PYE QAK
                    QID QPD QRD QRF QRI RCP RDF RDT REL RF1 RFI RGS RMI ROL RQ1 RQD RXA RXC RXD RXE RXG RXO RXR
                    RXV SAC SCD SCH SCP SDD SFT SGH SGT SHP SID SLT SPM SPR STF STZ TCC TCD TQ1 TQ2 TXA UAC UB1 UB2
                    URD URS VAR VND VTQ
                    """
                            .strip()
                            .split("\\s+"));

    /**
     * Names seen, by their three characters read as a number of base 36: no garbage per segment.
     */
    private static final String[] CACHE = new String[36 * 36 * 36];

    private static final int MAX_LENGTH = 5;

    private SegmentNames() {}

    static boolean isStandard(String name) {
        return STANDARD.contains(name);
    }

    static boolean isAt(byte[] bytes, int at, String name) {
        return at + 3 <= bytes.length
                && bytes[at] == name.charAt(0)
                && bytes[at + 1] == name.charAt(1)
                && bytes[at + 2] == name.charAt(2);
    }

    static boolean startsSegment(byte[] bytes, int at, byte field) {
        return lengthAt(bytes, at, bytes.length, field) > 0;
    }

    /**
     * Length of the segment name a line begins with, 0 when the line can't be a segment and so must
     * belong to the one before. A name without any field is believed only if the standard knows it
     * (or it begins with Z): NEG and POS are also what torn results look like.
     */
    static int lengthAt(byte[] bytes, int at, int end, byte field) {
        int length = 0;
        while (length <= MAX_LENGTH && at + length < end && isNameCharacter(bytes[at + length]))
            length++;
        if (length < 3 || length > MAX_LENGTH || digit(bytes[at]) < 10) return 0;
        boolean bare =
                at + length >= end
                        || bytes[at + length] == '\r'
                        || bytes[at + length] == '\n'
                        || bytes[at + length] == 0x1C;
        if (!bare && bytes[at + length] != field) return 0;
        boolean local = bytes[at] == 'Z';
        if (length > 3) return local ? length : 0;
        boolean lower = false;
        for (int i = 0; i < 3; i++) lower |= bytes[at + i] >= 'a';
        if (!bare && !lower) return length;
        return local || isStandard(nameAt(bytes, at, 3)) ? length : 0;
    }

    /** The name, in upper case. */
    static String nameAt(byte[] bytes, int at, int length) {
        if (length != 3)
            return new String(bytes, at, length, StandardCharsets.US_ASCII)
                    .toUpperCase(java.util.Locale.ROOT);
        int key = (digit(bytes[at]) * 36 + digit(bytes[at + 1])) * 36 + digit(bytes[at + 2]);
        var known = CACHE[key];
        if (known != null) return known;
        var name =
                new String(bytes, at, 3, StandardCharsets.US_ASCII)
                        .toUpperCase(java.util.Locale.ROOT);
        CACHE[key] = name;
        return name;
    }

    private static boolean isNameCharacter(byte b) {
        return digit(b) >= 0;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') return b - '0';
        if (b >= 'A' && b <= 'Z') return b - 'A' + 10;
        if (b >= 'a' && b <= 'z') return b - 'a' + 10;
        return -1;
    }
}
