// Counts the calls that end while the page is open. It changes nothing else, so that nobody loses what they read.
"use strict";
const line = document.getElementById("live");
if (line) {
  let n = 0;
  const calls = new EventSource(line.dataset.tail);
  calls.addEventListener("call", () => {
    n++;
    line.querySelector("span").textContent = n;
    line.hidden = false;
  });
  addEventListener("pagehide", () => calls.close());
}
