/**
 * Times as the reader's profile has them: its zone, "14 Nov" and 24 hours, as the site writes elsewhere.
 */

const page = document.documentElement;

export const locale = !page.lang || page.lang === "en" ? "en-GB" : page.lang;
export const zone = knownZone(page.dataset.zone);
export const formatter = (options) => {
  const drawn = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  // Months have three letters everywhere else on the site.
  return { format: (moment) => drawn.format(moment).replace(/\bSept\b(?!\.)/, "Sep") };
};
export const hour = formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** The zone of the reader's profile where the browser knows it, else the browser's own. */
function knownZone(name) {
  try {
    return name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone : undefined;
  } catch {
    return undefined;
  }
}
