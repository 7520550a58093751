//! The presets: channels' files for upstreams that are known, in `data/channels/`.

/// A preset.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What a channel's file calls it.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal)+) => {
        /// Every preset, by name.
        pub const PRESETS: &[Preset] = &[$(Preset {
            name: $name,
            text: include_str!(concat!("../../../data/channels/", $name, ".toml")),
        },)+];
    };
}

presets! {
    "apistd"
    "chejia"
    "connapi"
    "jisuapi"
    "jumdata"
    "vpic"
}
