package org.chartbridge.console;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import org.chartbridge.ChartbridgeApplication;
import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.nio.file.Path;
import java.util.Locale;

/** Takes pictures of every page, for people to look at: {@code -Dlook=FOLDER}. */
@SpringBootTest(classes = ChartbridgeApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@EnabledIfSystemProperty(named = "look", matches = ".+", disabledReason = "give -Dlook=FOLDER")
@DirtiesContext
class LookTests {
    private static final TestDatabase DATABASE = TestDatabase.fresh();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        ConsolePages.settings(registry, DATABASE);
    }

    @Test
    void everyPageIsPictured(@Value("${local.server.port}") int port) {
        var seed = new ConsoleSeed(DATABASE).write();
        var folder = Path.of(System.getProperty("look"));
        try (var browser = Browser.start()) {
            for (var scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK})
                for (var width : new int[] {1440, 768}) {
                    var page = browser.context("http://localhost:" + port, width, scheme).newPage();
                    page.navigate("/login");
                    shoot(page, folder, "login", width, scheme);
                    Browser.logIn(page);
                    for (var one : ConsolePages.all(seed)) {
                        page.navigate(one.address());
                        shoot(page, folder, one.name(), width, scheme);
                    }
                    page.navigate("/patients");
                    page.fill("#family", "Brandt");
                    page.keyboard().press("Enter");
                    page.locator("tr[data-row]").first().waitFor();
                    shoot(page, folder, "patients-found", width, scheme);
                }
        }
    }

    private static void shoot(Page page, Path folder, String name, int width, ColorScheme scheme) {
        var file = "%s-%d-%s.png".formatted(name, width, scheme.name().toLowerCase(Locale.ROOT));
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(folder.resolve(file)));
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }
}
