/** Sends a form on that came along through the question who one is. */

document.querySelector("form[data-carried]")?.requestSubmit();
