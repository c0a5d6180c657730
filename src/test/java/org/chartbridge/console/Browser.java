package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The machine's own Chromium. Tests that need one skip, with the reason, where there is none, but
 * never where {@code CI=true}.
 */
final class Browser implements AutoCloseable {
    private static final List<String> PLACES =
            List.of(
                    "/usr/bin/chromium-headless-shell",
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Path executable) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium =
                playwright
                        .chromium()
                        .launch(
                                new LaunchOptions()
                                        .setExecutablePath(executable)
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--disable-background-networking")));
    }

    static Browser start() {
        var found = PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
        if ("true".equals(System.getenv("CI")))
            assertThat(found).as("a Chromium, which CI has to have").isPresent();
        Assumptions.assumeTrue(
                found.isPresent(), "No Chromium on this machine: apt-get install chromium");
        return new Browser(found.orElseThrow());
    }

    BrowserContext context(String address, int width, ColorScheme scheme) {
        return context(address, width, scheme, null);
    }

    /**
     * @param session of somebody who is logged in; null for none
     */
    BrowserContext context(
            String address, int width, ColorScheme scheme, @Nullable String session) {
        var options =
                new com.microsoft.playwright.Browser.NewContextOptions()
                        .setBaseURL(address)
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme);
        if (session != null) options.setStorageState(session);
        var context = chromium.newContext(options);
        context.setDefaultTimeout(20_000);
        return context;
    }

    BrowserContext withoutScripts(String address) {
        return chromium.newContext(
                new com.microsoft.playwright.Browser.NewContextOptions()
                        .setBaseURL(address)
                        .setJavaScriptEnabled(false));
    }

    // A click that loads a page comes back when its answer begins. What is read before the page is
    // whole may lack its end.

    /** Comes back when the page it leads to, if any, has loaded. */
    static void click(Page page, String selector) {
        click(page.locator(selector));
    }

    /** Comes back when the page it leads to, if any, has loaded. */
    static void click(Locator what) {
        what.click();
        what.page().waitForLoadState();
    }

    /** Comes back when the page it leads to, if any, has loaded. */
    static void press(Page page, String key) {
        page.keyboard().press(key);
        page.waitForLoadState();
    }

    /** Comes back when the page that has it has loaded. */
    static void await(Page page, String selector) {
        page.waitForSelector(selector);
        page.waitForLoadState();
    }

    /** Logs in and stays on the overview. */
    static void logIn(Page page) {
        page.navigate("/");
        page.getByLabel("Name").fill("admin");
        page.getByLabel("Password").fill(ConsolePages.PASSWORD);
        page.keyboard().press("Enter");
        await(page, "h1:has-text('Overview')"); // The keys are known when the scripts have run.
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
