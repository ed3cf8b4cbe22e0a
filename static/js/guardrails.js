/**
 * A replay's page while it runs: fetched again every two seconds until the result is there.
 * Without script there is a link that does the same.
 */

import { refreshTimes } from "./times.js";
import { announce } from "./toasts.js";

const PAUSE_MS = 2000;
const REST_MS = 10_000;

let running = document.querySelector("[data-running]");

async function look() {
  if (document.hidden) return wait(PAUSE_MS);
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return wait(REST_MS);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("section[aria-labelledby='result']");
  if (!fresh || !fresh.hasAttribute("data-running")) {
    window.location.reload();
    return undefined;
  }
  running.replaceWith(fresh);
  running = fresh;
  refreshTimes(fresh);
  return wait(PAUSE_MS);
}

function wait(pause) {
  setTimeout(look, pause);
}

if (running) {
  announce(running.querySelector("h2").textContent);
  wait(PAUSE_MS);
}
