package org.chartbridge.console;

import org.chartbridge.intake.Decisions.NotPossible;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A form that was posted: what it asked for was done, or the page says why not. */
final class Posted {
    private Posted() {}

    /**
     * Does it and goes back to the page.
     *
     * @param done what the page knows it by, as {@code true}
     */
    static String to(String page, String done, RedirectAttributes said, Runnable act) {
        try {
            act.run();
            said.addFlashAttribute(done, true);
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:" + page;
    }
}
