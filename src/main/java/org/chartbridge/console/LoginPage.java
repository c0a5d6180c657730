package org.chartbridge.console;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The form to log in with. */
@Controller
class LoginPage {

    @GetMapping("/login")
    String login(HttpServletRequest request, Model model) {
        if (request.getUserPrincipal() != null) return "redirect:/";
        var params = request.getParameterMap();
        var said =
                params.containsKey("wrong")
                        ? "Name or password is wrong."
                        : params.containsKey("wait")
                                ? "Too many failed logins. Wait a moment: each further one waits"
                                        + " longer."
                                : params.containsKey("unavailable")
                                        ? "The login could not be checked: the database does not"
                                                + " answer."
                                        : "";
        model.addAttribute("fault", said);
        model.addAttribute("left", params.containsKey("left"));
        return "login";
    }
}
