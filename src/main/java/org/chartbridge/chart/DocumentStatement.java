package org.chartbridge.chart;

/**
 * A document that came inside a message (ED in OBX-5).
 *
 * @param path {@code OBX[n]-5}
 * @param title the text of OBX-3
 * @param declaredType OBX-5.2 and OBX-5.3 as sent, for example {@code AP/PDF}
 * @param mediaType by the first bytes of the content, else {@code application/octet-stream}
 * @param content decoded bytes
 */
public record DocumentStatement(
        String path, String title, String declaredType, String mediaType, byte[] content) {}
