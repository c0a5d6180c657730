package org.chartbridge.mllp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An observer for tests: remembers everything. */
final class Witness implements ConnectionObserver {
    final AtomicInteger opened = new AtomicInteger();
    final List<Stray> strays = new CopyOnWriteArrayList<>();
    final List<Frame> lost = new CopyOnWriteArrayList<>();
    final List<Ending> endings = new CopyOnWriteArrayList<>();
    final List<TurnedAway> turnedAway = new CopyOnWriteArrayList<>();

    @Override
    public void opened(Peer peer) {
        opened.incrementAndGet();
    }

    @Override
    public void stray(Peer peer, Stray stray) {
        strays.add(stray);
    }

    @Override
    public void answerLost(Peer peer, Frame frame) {
        lost.add(frame);
    }

    @Override
    public void closed(Peer peer, Ending ending) {
        endings.add(ending);
    }

    @Override
    public void turnedAway(InetSocketAddress remote, TurnedAway why) {
        turnedAway.add(why);
    }

    List<Stray.Cause> causes() {
        return strays.stream().map(Stray::cause).toList();
    }
}
