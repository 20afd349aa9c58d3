package dev.ocicap.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/// A number that is not written as a plain integer (`1.0`, `1e3`), kept as it was spelt. Two are
/// equal when they are spelt alike.
final class NumberLiteral extends NumericNode {
  private static final long serialVersionUID = 1L;

  private final String spelling;

  NumberLiteral(String spelling) {
    this.spelling = spelling;
  }

  String spelling() {
    return spelling;
  }

  @Override
  public JsonToken asToken() {
    return JsonToken.VALUE_NUMBER_FLOAT;
  }

  @Override
  public JsonParser.NumberType numberType() {
    return JsonParser.NumberType.BIG_DECIMAL;
  }

  @Override
  public boolean isFloatingPointNumber() {
    return true;
  }

  @Override
  public boolean isBigDecimal() {
    return true;
  }

  @Override
  public Number numberValue() {
    return decimalValue();
  }

  @Override
  public int intValue() {
    return (int) doubleValue();
  }

  @Override
  public long longValue() {
    return (long) doubleValue();
  }

  @Override
  public double doubleValue() {
    return Double.parseDouble(spelling);
  }

  @Override
  public BigDecimal decimalValue() {
    return new BigDecimal(spelling);
  }

  @Override
  public BigInteger bigIntegerValue() {
    return decimalValue().toBigInteger();
  }

  @Override
  public boolean canConvertToInt() {
    return false;
  }

  @Override
  public boolean canConvertToLong() {
    return false;
  }

  @Override
  public String asText() {
    return spelling;
  }

  @Override
  public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
    generator.writeNumber(spelling);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberLiteral literal && literal.spelling.equals(spelling);
  }

  @Override
  public int hashCode() {
    return spelling.hashCode();
  }
}
