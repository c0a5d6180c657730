// Copies the path of a field when it is clicked, and says so.
const said = document.getElementById("said");

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = `${text} copied`;
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  } catch {
    // Without the right to the clipboard the path is selected instead, for Ctrl-C.
    const range = document.createRange();
    range.selectNodeContents(button);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    said.textContent = `${text} selected`;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

// A link to a part of a message unfolds the segment it is in.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const segment = target?.closest("details");
  if (segment) segment.open = true;
}
addEventListener("hashchange", unfold);
unfold();
