//! staff_link
