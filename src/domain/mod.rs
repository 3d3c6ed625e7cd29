//! What the service is about, with no I/O, no clock and no framework: surveys, waves, answers,
//! responses, and the rules that hold for them.

pub mod access_code;
pub mod allocation;
pub mod answer;
pub mod audit;
pub mod ballot;
pub mod channel;
pub mod code_run;
pub mod common_password;
pub mod count_sheet;
pub mod csv_cell;
pub mod frame;
pub mod hex;
pub mod id;
pub mod item;
pub mod key;
pub mod layout;
pub mod local_time;
pub mod measure;
pub mod moment;
pub mod money;
pub mod notice;
pub mod pb_file;
pub mod receipt;
pub mod retention;
pub mod role;
pub mod roll;
pub mod sealed;
pub mod second_factor;
pub mod survey;
pub mod survey_file;
pub mod text;
pub mod two_person;
pub mod wave;
pub mod wave_settings;
