package org.chartbridge.console;

import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The pages of {@code src/docs}, as they were packaged. The only HTML that is not written by a
 * template: it is our own text, and HTML inside it is escaped all the same.
 */
@Controller
class HelpPages {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,80}");

    private final Parser parser =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private final HtmlRenderer renderer =
            HtmlRenderer.builder()
                    .extensions(List.of(TablesExtension.create()))
                    .escapeHtml(true)
                    .sanitizeUrls(true)
                    .build();
    private final ConcurrentHashMap<String, Optional<Page>> pages = new ConcurrentHashMap<>();

    /** One page. */
    record Page(String title, String html) {}

    @GetMapping("/help")
    String index(Model model) {
        return page("index", model);
    }

    @GetMapping("/help/{name}")
    String named(@PathVariable String name, Model model) {
        return page(name, model);
    }

    @GetMapping("/help/decisions/{name}")
    String decision(@PathVariable String name, Model model) {
        if (!NAME.matcher(name).matches()) throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        return page("decisions/" + name, model);
    }

    private String page(String name, Model model) {
        if (!name.startsWith("decisions/") && !NAME.matcher(name).matches())
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        // Names that don't exist are not remembered: they would fill the memory.
        var page = pages.get(name);
        if (page == null) {
            page = read(name);
            if (page.isPresent()) pages.put(name, page);
        }
        model.addAttribute(
                "page", page.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
        model.addAttribute("name", name);
        return "help";
    }

    private Optional<Page> read(String name) {
        try (var file = HelpPages.class.getResourceAsStream("/docs/" + name + ".md")) {
            if (file == null) return Optional.empty();
            var tree = parser.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            var title = new StringBuilder();
            tree.accept(
                    new Links(
                            name.startsWith("decisions/") ? "/help/decisions/" : "/help/", title));
            return Optional.of(new Page(title.toString(), renderer.render(tree)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Turns links to files into links to pages, and takes the title. */
    private static final class Links extends AbstractVisitor {
        private final String folder;
        private final StringBuilder title;

        Links(String folder, StringBuilder title) {
            this.folder = folder;
            this.title = title;
        }

        @Override
        public void visit(Link link) {
            var to = link.getDestination();
            if (!to.contains(":") && to.contains(".md"))
                link.setDestination(
                        (to.startsWith("../") ? "/help/" : folder)
                                + to.replaceFirst("^\\.\\./", "")
                                        .replaceFirst("^index\\.md", "index.md")
                                        .replace(".md", ""));
            visitChildren(link);
        }

        @Override
        public void visit(Heading heading) {
            if (heading.getLevel() == 1 && title.isEmpty())
                for (Node part = heading.getFirstChild(); part != null; part = part.getNext())
                    if (part instanceof Text text) title.append(text.getLiteral());
            visitChildren(heading);
        }
    }
}
