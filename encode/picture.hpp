#pragma once

#include "encode/treatment.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The steps that all renditions share: they are done once, before the
/// pictures are split between them.
std::vector<filter_step> shared_steps(const treatment& how);

/// One output's pictures: their size, their steps, their encoder's settings.
/// Codes: impossible_job when the encoder doesn't take the size.
/// @param size rendition to make, null for the job's own size
/// @param shared whether `shared_steps` are done before
outcome<video_encode> plan_picture(const picture_job& job, const treatment& how,
                                   const rendition* size, bool shared,
                                   notes& told);

} // namespace troupe
