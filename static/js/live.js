/**
 * Live news in a space's and a thread's page.
 *
 * The page carries the number up to which it is fresh. Events with higher numbers are pushed over
 * a socket. What may have been missed is told at each connect, and asked for at
 * `GET /spaces/<slug>/stream?after=N` after a hole, when the tab is looked at again, when the
 * browser is online again, and when the server's heartbeat is ahead. Where no socket can be had,
 * that question is asked every three seconds instead. Described in docs/realtime.md.
 *
 * Fires on `document`: `live:event` (every piece of news), `live:post`, `live:thread`,
 * `live:space`, `live:members`, `live:ring`, `live:reset`, `live:away`.
 */

import { io } from "/static/vendor/socket.io.esm.min.js";
import { Line } from "./live/line.js";
import { LineStatus, Presence, Typing, say } from "./live/notices.js";
import { isAtEnd, isTombstone, postList, showWaiting, upsertPost, waitingPosts } from "./live/posts.js";
import { Rows } from "./live/rows.js";
import { refreshTimes } from "./times.js";

const ASK_MS = 3000;
const GRACE_MS = 2500; // a line that is back this quickly was never gone
const TYPING_MS = 2000;
const SLEPT_MS = 70_000; // the server pings every 25 seconds
const AWAY_MS = 1800;
const NOTICES_MS = 1200;
const SHUT = new Set(["sign_in", "closed", "policy", "credential", "not_found"]);

const page = document.querySelector("[data-live]");
if (page) start();

function start() {
  const space = Number(page.dataset.space);
  const thread = page.dataset.thread ? Number(page.dataset.thread) : null;
  const viewer = Number(page.dataset.viewer);
  const status = new LineStatus(document.querySelector("[data-live-status]"));
  const presence = new Presence(document.querySelector("[data-presence]"), viewer);
  const typing = new Typing(document.querySelector("[data-live-typing]"));
  const rows = new Rows();
  const missed = { added: 0, removed: 0 };
  let lostAt = null; // since when neither socket nor asking works
  let told = false; // whether the reader has been told so
  let asking = 0;
  let noticesDue = 0;
  const elsewhere = new Set(); // new posts that belong to a later page
  let contact = Date.now(); // when the server was last heard of
  let atHand = null; // what `watch` has just told, and after which number
  let token = document.querySelector("meta[name='csrf-token']")?.content ?? "";
  let leaving = false;

  const line = new Line({
    last: Number(page.dataset.head),
    generation: Number(page.dataset.generation),
    fetch: fetchNews,
    apply,
    reset: makeAnew,
  });

  // --- news ------------------------------------------------------------------------------------

  function apply(event, caughtUp) {
    if (event.kind === "post" && thread !== null && event.thread === thread) {
      if (!event.html) return caughtUp; // pushed without what it says: ask
      showPost(event);
    }
    if (thread === null && event.thread) rows.touch(event.thread);
    if (event.kind === "thread" && event.id === thread) renew(["[data-live-head]", "[data-live-marks]"]).catch(() => {});
    if (event.kind === "space") renewNotices();
    fire("event", event);
    fire(event.kind, event);
    return true;
  }

  function showPost(event) {
    const own = event.html.includes(`data-author="${viewer}"`);
    const { what, post, waits } = upsertPost(event.html, { own });
    if (what === "elsewhere" && waits) elsewhere.add(event.id);
    // Whether pushed late or asked for: a line that comes back delivers by both ways at once.
    if (lostAt && !own) {
      if (what === "new" || waits) missed.added += 1;
      if (what === "changed" && isTombstone(post)) missed.removed += 1;
    }
    if (post) typing.stop(Number(post.dataset.author));
    showPill();
  }

  /** Answer the line's question: with what `watch` has told already, or by asking. */
  async function fetchNews(after) {
    if (atHand?.after === after) {
      answered();
      found(atHand.missed.head === atHand.missed.next);
      return atHand.missed;
    }
    const query = new URLSearchParams({ after });
    if (thread !== null) query.set("thread", thread);
    const answer = await fetch(`/spaces/${page.dataset.slug}/stream?${query}`, {
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    }).catch((error) => {
      lost();
      throw error;
    });
    if ([401, 403, 404, 410].includes(answer.status)) {
      const body = await answer.json().catch(() => ({}));
      away(body.error ?? "not_found");
    }
    if (answer.status >= 500) lost();
    if (!answer.ok) throw new Error(`asked for news, was answered ${answer.status}`);
    const news = await answer.json();
    answered();
    if (!leaving) found(news.head === news.next);
    return news;
  }

  /** The number is of no use any more: load the posts anew, and leave what is being written. */
  async function makeAnew() {
    const from = await renew(["[data-posts]", "[data-threads='pinned']", "[data-threads='latest']"]);
    elsewhere.clear();
    showPill();
    fire("reset", {});
    return { last: Number(from.dataset.head), generation: Number(from.dataset.generation) };
  }

  /** Load this page again and take some of its parts over; returns the root of the fresh page. */
  async function renew(selectors) {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`asked for the page, was answered ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const root = fresh.querySelector("[data-live]");
    for (const selector of selectors) {
      const [old, anew] = [document.querySelector(selector), fresh.querySelector(selector)];
      if (Boolean(old) !== Boolean(anew) || !root) {
        location.reload(); // the page has another shape by now
        throw new Error(`no ${selector} in both pages`);
      }
      old?.replaceWith(document.adoptNode(anew));
    }
    return root;
  }

  /** What stands above every page of the space may have changed; everybody hears of it at once. */
  function renewNotices() {
    if (noticesDue) return;
    noticesDue = setTimeout(() => {
      noticesDue = 0;
      const above = "[data-live-notices]";
      renew([above]).then(() => refreshTimes(document.querySelector(above)), () => {});
    }, 100 + Math.random() * NOTICES_MS);
  }

  // --- the line --------------------------------------------------------------------------------

  const socket = io({
    transports: ["websocket"],
    auth: (give) => give({ csrf: token }),
    reconnectionDelay: 800,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.6,
    timeout: 8000,
  });

  // A proxy may swallow the handshake without a word: do not wait for it to be given up.
  setTimeout(() => socket.connected || startAsking(), GRACE_MS);

  socket.on("connect", async () => {
    const after = line.last;
    const where = { space, thread, after };
    const answer = await socket.timeout(8000).emitWithAck("watch", where).catch(() => null);
    if (!answer?.ok) return refused(answer?.error);
    line.generation = answer.generation;
    stopAsking();
    if (answer.here) presence.show(answer.here);
    return takeUp(answer, after);
  });
  socket.onAny(heard);
  socket.io.on("ping", heard);
  socket.on("event", (event) => event.space === space && line.take(event));
  socket.on("head", (head) => {
    if (head.space !== space) return;
    if (head.generation !== line.generation) rewatch();
    line.hear(head.seq, 300 + Math.random() * 1700);
  });
  socket.on("presence", (here) => isHere(here) && presence.show(here));
  socket.on("typing", (news) => isHere(news) && typing.show(news.member));
  socket.on("ring", (ring) => fire("ring", ring));
  socket.on("disconnect", (reason) => {
    if (leaving) return;
    startAsking();
    // The server has closed this socket: knock again, and the gate will say why.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 200 + Math.random() * 800);
  });
  socket.on("connect_error", async (error) => {
    if (error.message === "stale_token") token = await freshToken();
    startAsking();
    refused(error.message);
  });

  /** Not let in by the server. Where no door is shut, it is tried again a little later. */
  function refused(reason) {
    if (SHUT.has(reason)) return away(reason);
    startAsking();
    const again = () => !leaving && !socket.active && socket.connect();
    if (socket.connected) socket.disconnect();
    return setTimeout(again, 2000 + Math.random() * 3000);
  }

  function isHere(news) {
    return news.space === space && (news.thread ?? null) === thread;
  }

  function rewatch() {
    setTimeout(() => {
      if (!socket.connected) return;
      socket.emit("watch", { space, thread }, (answer) => {
        if (!answer.ok) return refused(answer.error);
        line.generation = answer.generation;
        return askFrom(answer.head);
      });
    }, Math.random() * 2000);
  }

  /** Show what `watch` told besides, unless the line asks already; later it would be old. */
  function takeUp({ head, missed }, after) {
    atHand = missed ? { after, missed } : null;
    const asked = askFrom(head);
    atHand = null;
    return asked;
  }

  /** Ask for what was missed, unless the server's line ended where ours does once we could hear. */
  function askFrom(head) {
    if (head !== line.last || line.running) return line.sync().catch(() => {});
    answered();
    return found(true);
  }

  function startAsking() {
    presence.hide();
    if (asking || leaving) return;
    const ask = () => {
      asking = setTimeout(ask, ASK_MS * (0.8 + Math.random() * 0.4));
      if (!document.hidden) line.sync().catch(() => {});
    };
    asking = setTimeout(ask, GRACE_MS / 2);
  }

  function stopAsking() {
    clearTimeout(asking);
    asking = 0;
  }

  /** The server answered; after a long silence that it did not keep, the machine had slept. */
  function answered() {
    if (Date.now() - contact > SLEPT_MS && !lostAt) {
      lostAt = new Date(contact);
      told = true;
    }
    heard();
  }

  function heard() {
    contact = Date.now();
  }

  function lost() {
    if (leaving) return;
    lostAt ??= new Date();
    startAsking();
    setTimeout(() => {
      if (!lostAt || leaving) return;
      told = true;
      status.offline(lostAt);
    }, GRACE_MS);
  }

  function found(upToDate) {
    if (!lostAt || !upToDate) return;
    const since = lostAt;
    // The events of this very answer are shown after it is read.
    setTimeout(() => {
      if (told) status.back(since, new Date(), missed.added, missed.removed);
      missed.added = missed.removed = 0;
      lostAt = null;
      told = false;
    });
  }

  /** The door is shut. Say so, then load the page, so that the gate can say the rest. */
  function away(reason) {
    if (leaving) return;
    leaving = true;
    stopAsking();
    socket.disconnect();
    presence.hide();
    status.turnedAway(reason);
    fire("away", { reason });
    setTimeout(() => location.reload(), AWAY_MS);
  }

  async function freshToken() {
    const answer = await fetch("/session.json", { headers: { Accept: "application/json" } }).catch(() => null);
    return answer?.ok ? (await answer.json()).csrf_token : "";
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (asking && !lostAt) heard(); // a hidden page does not ask, and so was not offline
    line.sync().catch(() => {});
  });
  window.addEventListener("online", () => {
    if (!socket.connected) socket.connect();
    line.sync().catch(() => {});
  });
  window.addEventListener("offline", () => line.sync().catch(() => {}));
  window.addEventListener("pagehide", () => socket.disconnect());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) socket.connect();
  });

  // --- posts that wait -------------------------------------------------------------------------

  const pill = document.querySelector("[data-live-pill]");

  function showPill() {
    if (!pill) return;
    const count = waitingPosts().length + elsewhere.size;
    pill.hidden = count === 0;
    pill.querySelector("[data-live-text]").textContent = count ? say("pill", { num: count }) : "";
  }

  function reveal() {
    const shown = showWaiting();
    showPill();
    return shown;
  }

  function goToNew(event) {
    const [first] = reveal();
    if (!first) return; // they are on a later page: the link leads there
    event.preventDefault();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    first.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    const post = first.querySelector("[id^='post-']") ?? first;
    post.tabIndex = -1;
    post.focus({ preventScroll: true });
    status.hide();
  }

  pill?.addEventListener("click", goToNew);
  document.querySelector("[data-live-show]")?.addEventListener("click", goToNew);
  const arrived = () => {
    if (!document.hidden && waitingPosts().length > 0 && isAtEnd()) reveal();
  };
  window.addEventListener("scroll", arrived, { passive: true });
  document.addEventListener("visibilitychange", arrived);

  // --- what this page says ---------------------------------------------------------------------

  let typedAt = 0;
  if (thread !== null) {
    document.addEventListener("input", (event) => {
      if (!event.target.matches?.("[data-composer] textarea")) return;
      if (!socket.connected || Date.now() - typedAt < TYPING_MS) return;
      typedAt = Date.now();
      socket.emit("typing", {});
    });
  }

  // Posts come with their times in UTC and are rewritten for the reader.
  document.addEventListener("post:shown", (event) => refreshTimes(event.target));
  document.addEventListener("live:row", (event) => refreshTimes(event.target));
  document.addEventListener("live:reset", () => refreshTimes(postList() ?? page));
}

function fire(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}
