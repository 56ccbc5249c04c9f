// The one main() of every unit test executable: CAF's own runner.
#define CAF_SUITE main
#include <caf/test/unit_test_impl.hpp>
