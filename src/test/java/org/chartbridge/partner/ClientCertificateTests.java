package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Locale;

class ClientCertificateTests {
    private static final TestCertificates LIS =
            TestCertificates.authority("CN=CA").signs("CN=lis,OU=Interfaces,O=Northlab,C=US");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=lis,OU=Interfaces,O=Northlab,C=US",
                "cn=LIS, ou=interfaces, o=northlab, c=us",
                // As openssl prints it.
                "C=US, O=Northlab, OU=Interfaces, CN=lis"
            })
    void aSubjectFitsInBothOrdersAndWhateverItsCase(String text) {
        assertThat(fits(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=lis",
                "CN=lis,O=Northlab,C=US",
                "CN=lis2,OU=Interfaces,O=Northlab,C=US",
                "OU=Interfaces,CN=lis,O=Northlab,C=US"
            })
    void anotherSubjectDoesNotFit(String text) {
        assertThat(fits(text)).isFalse();
    }

    @Test
    void aFingerprintFitsWithColonsAndWithout() {
        var plain =
                ClientCertificate.shown(LIS.certificate()).replaceAll(".*SHA-256 (\\w+).*", "$1");
        var colons = plain.toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");

        assertThat(fits(plain)).isTrue();
        assertThat(fits(colons)).isTrue();
        assertThat(fits("0".repeat(64))).isFalse();
    }

    @Test
    void anotherCertificateOfTheSameNameFitsBySubjectAndNotByFingerprint() {
        var name = "CN=lis,OU=Interfaces,O=Northlab,C=US";
        var renewed = TestCertificates.authority("CN=CA").signs(name).certificate();
        var plain =
                ClientCertificate.shown(LIS.certificate()).replaceAll(".*SHA-256 (\\w+).*", "$1");

        assertThat(ClientCertificate.parse(name).orElseThrow().fits(renewed)).isTrue();
        assertThat(ClientCertificate.parse(plain).orElseThrow().fits(renewed)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "lis", "O=Northlab", "CN", "CN=lis,", "CN=a,,O=b", "00:11:22", "=x"})
    void whatIsNeitherIsNotRead(String text) {
        assertThat(ClientCertificate.parse(text)).isEmpty();
    }

    private static boolean fits(String text) {
        return ClientCertificate.parse(text).orElseThrow().fits(LIS.certificate());
    }
}
