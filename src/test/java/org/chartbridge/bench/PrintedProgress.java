package org.chartbridge.bench;

/** Keeps the lines and leaves out what changes. */
record PrintedProgress() implements Progress {
    @Override
    public void now(String text) {}

    @Override
    public void line(String text) {
        System.out.println(text);
    }
}
