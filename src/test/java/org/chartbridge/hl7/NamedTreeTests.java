package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.hl7.Samples.MSH;
import static org.chartbridge.hl7.Samples.message;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class NamedTreeTests {
    @Test
    void everyPartHasItsNamePathAndValue() {
        var tree = NamedTree.of(message(Samples.RESULT));

        assertThat(tree.get(1).name()).isEqualTo("Patient");
        assertThat(line(tree, "PID[1]-3[2].4.2")).isEqualTo("PID[1]-3[2].4.2 Universal ID: 1.2.3");
        assertThat(line(tree, "PID[1]-5.2")).isEqualTo("PID[1]-5.2 Given Name: Anna");
        assertThat(line(tree, "PID[1]-8")).startsWith("PID[1]-8 Administrative Sex");
        assertThat(line(tree, "OBX[2]-5")).endsWith("Observation Value: see & note\ntwo");
        assertThat(line(tree, "MSH[1]-2")).endsWith(": ^~\\&");
    }

    @Test
    void escapesAreShownAsSentBesideTheirMeaning() {
        var node = find(NamedTree.of(message(Samples.RESULT)), "OBX[2]-5");

        assertThat(node.escaped()).isTrue();
        assertThat(node.asSent()).isEqualTo("see \\T\\ note\\.br\\two");
    }

    @Test
    void whatTheStandardDoesNotKnowIsMarked() {
        var tree = NamedTree.of(message(MSH + "\rZL1|x^y\rNTE|1||||||||||extra\r"));

        assertThat(tree.get(1).known()).isFalse();
        assertThat(find(tree, "ZL1[1]-1.2").value()).isEqualTo("y");
        assertThat(find(tree, "NTE[1]-11").known()).isFalse();
        assertThat(find(tree, "NTE[1]-1").known()).isTrue();
    }

    @Test
    void aLongValueIsShownByItsBeginning() {
        var tree = NamedTree.of(message(MSH + "\rNTE|1||" + "ä".repeat(50_000) + "\r"));

        var value = find(tree, "NTE[1]-3").value();

        assertThat(value).startsWith("ää").endsWith("… (100000 bytes)").hasSizeLessThan(2_100);
    }

    @Test
    void aTreeHasAnEnd() {
        var tree = NamedTree.of(message(MSH + "\rNTE|1||x".repeat(50_000)));

        assertThat(flat(tree).count()).isLessThan(NamedTree.MAX_NODES + 10L);
    }

    private static String line(List<NamedTree.Node> tree, String path) {
        var node = find(tree, path);
        return node.path() + " " + node.name() + ": " + node.value();
    }

    private static NamedTree.Node find(List<NamedTree.Node> tree, String path) {
        return flat(tree).filter(n -> n.path().toString().equals(path)).findFirst().orElseThrow();
    }

    private static Stream<NamedTree.Node> flat(List<NamedTree.Node> nodes) {
        return nodes.stream().flatMap(n -> Stream.concat(Stream.of(n), flat(n.children())));
    }
}
