//! Keys and signatures by the program openssl, and AES-256-GCM by Node's binding of it, which the
//! program itself does not offer.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whose private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The seller's, which a server signs with.
    Seller,
    /// Alipay's.
    Alipay,
    /// WeChat's.
    WeChat,
    /// Somebody else's.
    Nobody,
}

impl Keys {
    const ALL: [Self; 4] = [Self::Seller, Self::Alipay, Self::WeChat, Self::Nobody];

    const fn name(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Alipay => "alipay",
            Self::WeChat => "wechat",
            Self::Nobody => "nobody",
        }
    }
}

/// A folder with keys, and what is done with them.
pub struct Openssl(tempfile::TempDir);

impl Default for Openssl {
    fn default() -> Self {
        Self::new()
    }
}

impl Openssl {
    /// Makes the keys.
    ///
    /// # Panics
    /// When openssl is not installed.
    pub fn new() -> Self {
        let own = Self(tempfile::tempdir().expect("a directory"));
        for keys in Keys::ALL {
            let (private, public) = (
                format!("{}.pem", keys.name()),
                format!("{}.pub", keys.name()),
            );
            let bits = "rsa_keygen_bits:2048";
            own.run(
                &[
                    "genpkey",
                    "-algorithm",
                    "RSA",
                    "-pkeyopt",
                    bits,
                    "-out",
                    &private,
                ],
                b"",
            );
            own.run(&["pkey", "-in", &private, "-pubout", "-out", &public], b"");
        }
        let api_key = own.0.path().join("api.key");
        std::fs::write(api_key, super::WECHAT_API_KEY).expect("written");
        own
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Runs openssl with some input; what it prints.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(args);
        piped(command.current_dir(self.0.path()), input).expect("openssl does it")
    }

    /// The signature of a text, SHA256 with RSA, in base64.
    ///
    /// # Panics
    /// When openssl fails.
    pub fn sign(&self, keys: Keys, text: &[u8]) -> String {
        let key = format!("{}.pem", keys.name());
        base64(&self.run(&["dgst", "-sha256", "-sign", &key], text))
    }

    /// Whether a signature in base64 is that of a text.
    ///
    /// # Panics
    /// When openssl is not installed.
    pub fn verifies(&self, keys: Keys, text: &[u8], signature: &str) -> bool {
        let file = self
            .0
            .path()
            .join(format!("signature-{:?}", std::thread::current().id()));
        let Some(bytes) = from_base64(signature) else {
            return false;
        };
        std::fs::write(&file, bytes).expect("written");
        let mut command = Command::new("openssl");
        let key = format!("{}.pub", keys.name());
        command
            .args(["dgst", "-sha256", "-verify", &key, "-signature"])
            .arg(&file);
        piped(command.current_dir(self.0.path()), text).is_some()
    }

    /// A text in GBK, by iconv.
    ///
    /// # Panics
    /// When iconv is not installed.
    pub fn gbk(&self, text: &str) -> Vec<u8> {
        let mut command = Command::new("iconv");
        command.args(["-f", "UTF-8", "-t", "GBK"]);
        piped(&mut command, text.as_bytes()).expect("iconv does it")
    }

    /// A text encrypted with AES-256-GCM, the tag at its end, in base64.
    ///
    /// # Panics
    /// When Node is not installed.
    pub fn seal(&self, key: &str, nonce: &str, associated: &str, text: &[u8]) -> String {
        let script = "const c = require('crypto'); const [key, nonce, data] = process.argv.slice(1);
            const sealing = c.createCipheriv('aes-256-gcm', key, nonce); sealing.setAAD(Buffer.from(data));
            const text = require('fs').readFileSync(0);
            process.stdout.write(Buffer.concat([sealing.update(text), sealing.final(), sealing.getAuthTag()]));";
        let mut command = Command::new("node");
        command.args(["-e", script, key, nonce, associated]);
        base64(&piped(&mut command, text).expect("Node does it"))
    }
}

/// Runs a program with some input; what it prints, if it succeeds.
fn piped(command: &mut Command, input: &[u8]) -> Option<Vec<u8>> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command
        .stderr(Stdio::null())
        .spawn()
        .expect("it is installed");
    let written = child.stdin.take().expect("piped").write_all(input);
    let done = child.wait_with_output().expect("it ends");
    (written.is_ok() && done.status.success()).then_some(done.stdout)
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at > part.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    text
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = LETTERS.iter().position(|own| *own == letter)?;
        (bits, count) = (bits << 6 | value as u32, count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}
