// What is ours around allauth's passkey scripts: show what needs them, and say when a passkey did not work.

const REFUSED = "That did not work, or it was cancelled. You can try again.";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault?.();
  for (const place of document.querySelectorAll("[data-passkey-problem]")) {
    place.textContent = REFUSED;
    place.hidden = false;
  }
});
