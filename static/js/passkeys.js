/**
 * Passkeys: asks the server for a question, the device for an answer, and hands it back.
 *
 * Buttons for them are shown only where the browser can do it.
 */

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const named = (all = []) => all.map((each) => ({ ...each, id: toBytes(each.id) }));

/** Send JSON; a door that shut meanwhile is gone to, a refusal is thrown with its sentence. */
async function send(address, token, said = {}) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(said),
  });
  const heard = await answer.json().catch(() => ({}));
  if (answer.ok) return heard;
  if (heard.error === "confirm" && heard.next) {
    window.location.assign(heard.next);
    return new Promise(() => {}); // the page is being left
  }
  throw Object.assign(new Error(heard.message), { isSaid: Boolean(heard.message) });
}

async function show(question) {
  const shown = await navigator.credentials.get({ publicKey: {
    ...question,
    challenge: toBytes(question.challenge),
    allowCredentials: named(question.allowCredentials),
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return answerOf(shown, {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

async function make(question) {
  const made = await navigator.credentials.create({ publicKey: {
    ...question,
    challenge: toBytes(question.challenge),
    user: { ...question.user, id: toBytes(question.user.id) },
    excludeCredentials: named(question.excludeCredentials),
  } });
  const { clientDataJSON, attestationObject } = made.response;
  return answerOf(made, {
    clientDataJSON: toText(clientDataJSON),
    attestationObject: toText(attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

const answerOf = (credential, response) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function run(place, button, error) {
  const { passkey, question, answer, next } = place.dataset;
  const token = document.querySelector("[name=csrf_token]").value;
  const name = document.getElementById("passkey-name");
  if (passkey === "make" && !name.reportValidity()) return;
  button.disabled = true;
  error.hidden = true;
  try {
    const asked = await send(question, token);
    const said = passkey === "make"
      ? { answer: await make(asked), name: name.value }
      : { answer: await show(asked), next };
    const heard = await send(answer, token, said);
    const carried = passkey === "make" ? null : document.querySelector("form[data-carried]");
    if (carried) carried.requestSubmit();
    else window.location.assign(heard.next);
  } catch (fault) {
    const elsewhere = fault.name === "SecurityError";
    error.textContent = fault.isSaid ? fault.message : elsewhere ? place.dataset.elsewhere : place.dataset.refused;
    error.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const maker of document.querySelectorAll("[data-passkey-maker]")) maker.hidden = false;
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const button = place.querySelector("button");
    place.hidden = false;
    button.addEventListener("click", () => run(place, button, place.querySelector(".error")));
  }
}
