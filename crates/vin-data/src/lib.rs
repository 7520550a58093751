//! The built-in pack.

/// The engine over the built-in pack.
pub fn engine() -> vin_engine::Engine {
    vin_engine::Engine
}
