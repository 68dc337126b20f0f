#include "shapes.h"
#include <stdexcept>

namespace {
struct Box final : Shape {
  double width, height;
  Box(double width, double height) : width(width), height(height) {}
  double area() const override { return width * height; }
};

struct Disc final : Shape {
  double radius;
  explicit Disc(double radius) : radius(radius) {}
  double area() const override { return 3.0 * radius * radius; }
};
} // namespace

std::unique_ptr<Shape> make_shape(const std::string &kind, double a, double b) {
  if (a < 0) throw std::invalid_argument("negative " + kind);
  if (kind == "box") return std::make_unique<Box>(a, b);
  if (kind == "disc") return std::make_unique<Disc>(a);
  throw std::out_of_range(kind);
}
