/** Fills in the time zone of this browser, so that nobody has to look for it in a list. */

const field = document.querySelector("input[name=time_zone]");
if (field && !field.value) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
