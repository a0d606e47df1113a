// What the browser's passkey calls want as bytes, and what a server wants to read: base64url in JSON.
const LOST = "That did not reach us. Nothing was lost; try again.";
const WORDS = {
  NotAllowedError: "This was not finished on the device. Try again, or take another way.",
  InvalidStateError: "This device holds a passkey of this account already.",
  SecurityError: "Passkeys of this site work at its own address only, over https.",
  TypeError: LOST,
};

export const isPossible = () => "PublicKeyCredential" in window && isSecureContext;

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const named = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

function told(credential, names) {
  const response = {};
  for (const name of names) if (credential.response[name]) response[name] = text(credential.response[name]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  };
}

// Make a passkey on this device; it keeps the account's name, so that no e-mail has to be typed.
export async function create({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
      },
    },
  });
  return told(credential, ["clientDataJSON", "attestationObject"]);
}

// Let a passkey sign the challenge.
export async function get({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
  return told(credential, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

// What went wrong, in words for the person in front of it.
export const wordsFor = (problem) => WORDS[problem?.name] ?? problem?.message ?? LOST;
