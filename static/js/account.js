// The link to the account. Pages are the same for everyone: whether somebody is logged in is a readable cookie that says
// no more than that.

function showLogin() {
  const loggedIn = /(?:^|; )logged_in=1(?:;|$)/.test(document.cookie);
  for (const label of document.querySelectorAll("[data-account-label]")) {
    label.textContent = loggedIn ? "Your account" : "Log in";
  }
}

export function wireAccount() {
  showLogin();
  window.addEventListener("pageshow", showLogin);
}
