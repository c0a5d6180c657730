package org.chartbridge.console;

import org.chartbridge.intake.ChartEvents;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Tells open pages whether anything has changed since they asked last: a number that grows with
 * every chart event, whatever node it came from. Pages ask every two seconds ({@code live.js}) and
 * then read themselves anew. Asking is no sign of life: it does not keep a login open.
 */
@Controller
class Changes {
    private final ObjectProvider<ChartEvents> events;

    Changes(ObjectProvider<ChartEvents> events) {
        this.events = events;
    }

    @GetMapping("/changes")
    ResponseEntity<String> count() {
        var feed = events.getIfAvailable();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.TEXT_PLAIN)
                .body(feed == null ? "0" : String.valueOf(feed.count()));
    }
}
