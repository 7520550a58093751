//! Bits that stand for what a body is.

/// Bits of the forms of body.
pub mod body {
    /// Saloon.
    pub const SEDAN: u16 = 1;
    /// Coupé.
    pub const COUPE: u16 = 2;
    /// Convertible or roadster.
    pub const CONVERTIBLE: u16 = 4;
    /// Hatchback or liftback.
    pub const HATCHBACK: u16 = 8;
    /// Estate.
    pub const WAGON: u16 = 16;
    /// SUV or crossover.
    pub const SUV: u16 = 32;
    /// Pick-up.
    pub const PICKUP: u16 = 64;
    /// Van.
    pub const VAN: u16 = 128;
    /// Minivan.
    pub const MINIVAN: u16 = 256;
    /// The names of the bits.
    pub const NAMES: [&str; 9] = [
        "sedan",
        "coupe",
        "convertible",
        "hatchback",
        "wagon",
        "suv",
        "pickup",
        "van",
        "minivan",
    ];
}

/// Bits of the words that vPIC has for the wheelbase and the bed of a car that comes with several.
pub mod form {
    /// The names of the bits: vPIC's types of wheelbase, in the order of their ids from 1 on.
    pub const WHEELBASES: [&str; 6] = [
        "Long",
        "Short",
        "Super Long",
        "Extra Long",
        "Standard",
        "Medium",
    ];
    /// The same of its types of bed.
    pub const BEDS: [&str; 4] = ["Long", "Short", "Extended", "Standard"];
    /// All bits of wheelbases.
    pub const ANY_WHEELBASE: u16 = (1 << WHEELBASES.len()) - 1;
    /// All bits of beds.
    pub const ANY_BED: u16 = ((1 << BEDS.len()) - 1) << WHEELBASES.len();
}
