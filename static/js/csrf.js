/**
 * The token of now: another tab may have signed in since this page was made, and a sign-in changes
 * it (https://docs.djangoproject.com/en/5.2/howto/csrf/). Over HTTPS the cookie has a prefix.
 * @returns {string}
 */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  return cookie ?? document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}
