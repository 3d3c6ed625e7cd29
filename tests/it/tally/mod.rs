mod budget;
mod disclosure;
mod fold;
mod patterns;
mod percent;
mod report;
mod support;
mod workshop;
