/** Times in the reader's own zone and words, refreshed as the day goes on. */

import { formatter, hour, locale, zone } from "./zone.js";

const day = formatter({ day: "numeric", month: "short" });
const year = formatter({ day: "numeric", month: "short", year: "numeric" });
const full = formatter({ dateStyle: "full", timeStyle: "long" });
const byThen = {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
};
const whole = formatter(byThen);
const wholeYear = formatter({ ...byThen, year: "numeric" });
const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/**
 * Say every moment in a node as its reader would: today by the hour, else by the day; what is due
 * by day, hour and zone.
 */
export function refreshTimes(root = document) {
  const moments = "time[datetime]:not([data-plain])";
  const found = root.querySelectorAll?.(moments) ?? [];
  for (const time of root.matches?.(moments) ? [root, ...found] : found) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.textContent = time.hasAttribute("data-whole") ? inFull(moment) : spoken(moment);
    time.title = full.format(moment);
  }
}

function spoken(moment, now = new Date()) {
  const days = (Date.parse(calendar.format(moment)) - Date.parse(calendar.format(now))) / 86_400_000;
  if (days === 0) return hour.format(moment);
  if (days === -1) return `${capital(near.format(-1, "day"))} ${hour.format(moment)}`;
  return (isInYearOf(now, moment) ? day : year).format(moment);
}

function inFull(moment) {
  return (isInYearOf(new Date(), moment) ? whole : wholeYear).format(moment);
}

const isInYearOf = (now, moment) => calendar.format(moment).slice(0, 4) === calendar.format(now).slice(0, 4);

const capital = (word) => word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);

// Midnight passes, and "today" becomes "yesterday".
setInterval(() => refreshTimes(), 60_000);
refreshTimes();
