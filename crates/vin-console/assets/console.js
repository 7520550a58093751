// What a page does beyond HTML: copying, printing, telling of a VIN while it is typed, and the work
// that is asked for before registering. Everything essential works without this file.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "✓";
    } catch {
      button.textContent = "✗";
    }
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// What is repaired in a VIN, as the server repairs it.
const zh = document.documentElement.lang.startsWith("zh");
function told(text) {
  const plain = text.normalize("NFKC").replace(/\s+/g, "").toUpperCase();
  if (plain === "") return null;
  const vin = plain.replace(/[OQ]/g, "0").replace(/I/g, "1");
  const wrong = vin.search(/[^0-9A-HJ-NPR-Z]/);
  if (wrong >= 0) return zh ? `第 ${wrong + 1} 位「${vin[wrong]}」不是车架号字符` : `character ${wrong + 1}, “${vin[wrong]}”, is in no VIN`;
  if (vin.length !== 17) return zh ? `已输入 ${vin.length} 位，共需 17 位` : `${vin.length} of 17 characters`;
  const values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = [...vin].reduce((s, c, i) => s + (values.indexOf(c) % 10) * weights[i], 0) % 11;
  const right = vin[8] === (sum === 10 ? "X" : String(sum));
  const repaired = vin === plain ? "" : (zh ? `已更正为 ${vin}。` : `Read as ${vin}. `);
  return repaired + (right ? (zh ? "校验位正确" : "check digit right") : (zh ? "校验位不符（部分车辆不使用校验位）" : "check digit differs (not used everywhere)"));
}
for (const field of document.querySelectorAll("[data-vin]")) {
  const hint = field.closest("form").querySelector("[data-vin-hint]");
  const first = hint.textContent;
  field.addEventListener("input", () => {
    const lines = field.value.split("\n").filter((line) => line.trim() !== "");
    const last = lines.length > 0 ? told(lines[lines.length - 1]) : null;
    hint.textContent = last === null ? first : (lines.length > 1 ? `${lines.length}: ${last}` : last);
  });
}

// SHA-256 (FIPS 180-4) of short ASCII texts, synchronous: a hundred thousand of them a second.
const K = [];
{
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  for (let n = 2; K.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (prime) K.push(fraction(Math.cbrt(n)));
  }
}
const W = new Int32Array(64);
function firstWord(text) {
  const length = text.length;
  const blocks = ((length + 8) >> 6) + 1;
  const bytes = new Uint8Array(blocks * 64);
  for (let i = 0; i < length; i += 1) bytes[i] = text.charCodeAt(i);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, length * 8);
  let h0 = 0x6a09e667, h1 = 0xbb67ae85, h2 = 0x3c6ef372, h3 = 0xa54ff53a, h4 = 0x510e527f, h5 = 0x9b05688c, h6 = 0x1f83d9ab, h7 = 0x5be0cd19;
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) W[i] = view.getInt32(block * 64 + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const x = W[i - 15], y = W[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      W[i] = W[i - 16] + s0 + W[i - 7] + s1 | 0;
    }
    let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, g = h6, h = h7;
    for (let i = 0; i < 64; i += 1) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    h0 = h0 + a | 0; h1 = h1 + b | 0; h2 = h2 + c | 0; h3 = h3 + d | 0; h4 = h4 + e | 0; h5 = h5 + f | 0; h6 = h6 + g | 0; h7 = h7 + h | 0;
  }
  return h0 >>> 0;
}
for (const form of document.querySelectorAll("[data-work]")) {
  const state = form.querySelector("[data-work-state]");
  const button = form.querySelector("button");
  const least = 2 ** (32 - Number(form.dataset.bits));
  let number = 0;
  state.textContent = state.dataset.working;
  button.disabled = true;
  const go = () => {
    const until = performance.now() + 30;
    while (performance.now() < until) {
      if (firstWord(`${form.dataset.work}.${number}`) < least) {
        form.elements.number.value = String(number);
        state.textContent = state.dataset.worked;
        button.disabled = false;
        return;
      }
      number += 1;
    }
    setTimeout(go, 0);
  };
  go();
}

// Passkeys: the device is asked, and the form is sent with what it says.
for (const form of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential === undefined) continue;
  form.classList.add("ready");
  const { passkey, challenge, site, siteName, user, userName, failed } = form.dataset;
  const bytes = (text) => new TextEncoder().encode(text);
  const put = (name, buffer) => { form.elements[name].value = [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join(""); };
  const ask = { challenge: bytes(challenge), timeout: 120000 };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (passkey === "make") {
        const made = await navigator.credentials.create({ publicKey: { ...ask,
          rp: { id: site, name: siteName }, user: { id: bytes(user), name: userName, displayName: userName },
          pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
          authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" }, attestation: "none" } });
        put("client", made.response.clientDataJSON);
        put("data", made.response.getAuthenticatorData());
        put("key", made.response.getPublicKey());
      } else {
        const used = await navigator.credentials.get({ publicKey: { ...ask, rpId: site, userVerification: "required" } });
        put("credential", used.rawId);
        put("client", used.response.clientDataJSON);
        put("data", used.response.authenticatorData);
        put("signature", used.response.signature);
      }
      form.submit();
    } catch {
      form.querySelector("[data-passkey-state]").textContent = failed;
    }
  });
}

// Long work: what is shown of it is looked at anew until it has ended.
function watchWork() {
  const shown = document.querySelector("[data-work-page][data-runs]");
  if (shown === null) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-work-page]");
      if (next !== null && !next.hasAttribute("data-runs")) { location.replace(location.pathname); return; }
      if (next !== null) shown.replaceWith(next);
    } catch {
      // The server may be away for a moment.
    }
    watchWork();
  }, 1000);
}
watchWork();

// A purchase that waits to be paid: the page is loaded again once it does not.
for (const section of document.querySelectorAll("[data-purchase]")) {
  const wait = setInterval(async () => {
    try {
      const answer = await fetch(`/purchases/${section.dataset.purchase}/state`);
      if (answer.ok && await answer.text() !== section.dataset.state) {
        clearInterval(wait);
        location.reload();
      }
    } catch {
      // The next time may do.
    }
  }, 2000);
}
