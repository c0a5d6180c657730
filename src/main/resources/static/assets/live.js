// Lists that show what changes ([data-live], each with an id) read themselves anew when something did.
const every = 2000;
const quietly = { headers: { "Chartbridge-Live": "1" }, redirect: "error", cache: "no-store" };
let seen = null;

async function refresh() {
  const answer = await fetch(location.href, quietly);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const newer = fresh.getElementById(part.id);
    if (newer === null || newer.innerHTML === part.innerHTML) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    part.replaceChildren(...newer.childNodes);
    if (focused !== null) [...part.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus();
  }
}

async function look() {
  try {
    if (document.hidden) return;
    const answer = await fetch("/changes", quietly);
    if (!answer.ok) return stop(); // Logged out.
    const count = await answer.text();
    if (seen !== null && count !== seen) await refresh();
    seen = count;
  } catch {
    // The engine restarts, or the login has ended: the next look will tell.
  }
}

let timer = 0;
const stop = () => clearInterval(timer);
if (document.querySelector("[data-live][id]") !== null) timer = setInterval(look, every);
