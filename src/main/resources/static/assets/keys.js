// Keyboard: / search, j k rows, Enter opens (it is a link), g and a letter goes, ? lists the keys.
const pages = { o: "/", m: "/messages", w: "/worklist", u: "/unmatched", d: "/deliveries", n: "/notices", r: "/open-orders", p: "/patients", h: "/help" };
let going = 0;

const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

function move(step) {
  const links = [...document.querySelectorAll("[data-row] .row-link")];
  if (links.length === 0) return;
  const row = document.activeElement?.closest("[data-row]");
  const at = links.findIndex((link) => row !== null && row?.contains(link));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const wentFor = going > Date.now();
  going = 0;
  if (wentFor && pages[event.key]) {
    location.assign(pages[event.key]);
    return;
  }
  switch (event.key) {
    case "j": move(1); break;
    case "k": move(-1); break;
    case "g": going = Date.now() + 1500; break;
    case "/": document.getElementById("find")?.focus(); break;
    case "?": document.getElementById("keys")?.showModal(); break;
    default: {
      // Goes to a button and never presses it: a decision is Enter's.
      const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!button) return;
      button.focus();
      button.scrollIntoView({ block: "center" });
    }
  }
  event.preventDefault();
});
