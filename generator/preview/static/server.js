// Asking the server: every question carries the token of this page's address.
const token = new URLSearchParams(location.search).get("token") ?? "";

export function addressOf(path, values = {}) {
  return `${path}?${new URLSearchParams({ ...values, token })}`;
}

// The answer as {status, body}; status 0 if the server has gone.
export async function ask(path, values) {
  return answer(fetch(addressOf(path, values)));
}

export async function send(path, values) {
  const headers = { "Content-Type": "application/json", "X-Token": token };
  return answer(fetch(path, { method: "POST", headers, body: JSON.stringify(values) }));
}

async function answer(request) {
  try {
    const response = await request;
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: { message: "预览已经停了。文字还在页面上；重新启动预览前不要关闭这个网页。" } };
  }
}

export function listen(changed, lost) {
  const events = new EventSource(addressOf("/events"));
  events.onmessage = changed;
  events.onerror = lost;
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
