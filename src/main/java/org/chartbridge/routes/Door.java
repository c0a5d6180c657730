package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.intake.AnsweredDeliveries;
import org.chartbridge.intake.OwnDoor;

import java.nio.file.Path;

/** Where a receiving route takes messages from. Two ways to write one door are equal. */
sealed interface Door
        permits Address, Door.Answered, Door.Folder, Door.PlacedHere, Door.Sftp, Door.Web {

    /**
     * A path of a port that messages are posted to.
     *
     * @param path begins with a slash
     */
    record Web(boolean secured, Address address, String path) implements Door {

        @Override
        public String toString() {
            return (secured ? "https:" : "http:") + address + path;
        }
    }

    /** A folder of another machine; as it is written in a route. */
    record Sftp(Endpoint.Sftp at) implements Door {

        @Override
        public String toString() {
            return at.toString();
        }
    }

    /** A folder that files are dropped into; as it is written in a route. */
    record Folder(Path path) implements Door {
        static final String SCHEME = "file:";

        @Override
        public String toString() {
            return SCHEME + path;
        }
    }

    /** What a partner answers to deliveries, on their connection. */
    record Answered(String partner) implements Door {
        @Override
        public String toString() {
            return AnsweredDeliveries.LISTENER;
        }
    }

    /** Orders that are placed here, over FHIR and on a page. */
    record PlacedHere() implements Door {
        @Override
        public String toString() {
            return OwnDoor.LISTENER;
        }
    }
}
